export function explore(
  model: string,
  flags: string[],
  options?: { seconds?: number; endless?: boolean | undefined; isSmall?: boolean },
): { states: number; wrong: string }

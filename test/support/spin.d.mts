export function explore(
  model: string,
  flags: string[],
  options?: { seconds?: number; endless?: boolean | undefined },
): { states: number; wrong: string }

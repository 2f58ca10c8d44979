export const RACES: Record<string, { readonly most?: number }>

// The browser's dialog for files, as a button or a key opens it: the shell holds the field.

export function openPicker(near: Element): void {
  const root = near.closest('.shdb') ?? near
  root.querySelector<HTMLInputElement>('[data-files]')?.click()
}

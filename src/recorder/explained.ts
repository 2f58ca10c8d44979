/** What the work throws, as an error that begins with what was being done. */
export function explained<Result>(action: string, work: () => Result): Result {
  try {
    return work()
  } catch (error) {
    const said = error instanceof Error ? error.message : String(error)
    throw new Error(`Cannot ${action}: ${said}`, { cause: error })
  }
}

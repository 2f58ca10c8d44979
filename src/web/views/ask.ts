// What a view asks of the engine, for as long as the question stands.

import { useEffect, useState } from 'preact/hooks'
import { GivenUp } from '../client.ts'
import type { Methods, Progress } from '../engine/protocol.ts'
import type { App } from '../store.ts'

export interface Asked<T> {
  readonly answer: T | undefined
  readonly progress: Progress | undefined
}

/** Asks anew when `given` changes; undefined asks nothing. The last answer stays until there is another. */
export function useAnswer<Name extends keyof Methods>(
  app: App,
  method: Name,
  given: Parameters<Methods[Name]> | undefined,
): Asked<ReturnType<Methods[Name]>> {
  const [answer, setAnswer] = useState<ReturnType<Methods[Name]> | undefined>(undefined)
  const [progress, setProgress] = useState<Progress | undefined>(undefined)
  const opened = app.rows.value
  useEffect(() => {
    if (given === undefined || opened === undefined) return setAnswer(undefined)
    const abort = new AbortController()
    app.client
      .call(method, given, { signal: abort.signal, onProgress: setProgress })
      .then(setAnswer, (error) => {
        if (!(error instanceof GivenUp)) app.failed(error)
      })
      .finally(() => setProgress(undefined))
    return () => abort.abort()
  }, [app, method, opened, JSON.stringify(given)])
  return { answer, progress }
}

export const percent = ({ done, total }: Progress): string =>
  total > 0 ? `${Math.floor((100 * done) / total)} %` : ''

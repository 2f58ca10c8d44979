// One file to one URL: tried again while there is time, given up when the server will not have it.

import { createReadStream } from 'node:fs'
import { request as httpRequest } from 'node:http'
import { request as httpsRequest } from 'node:https'
import { pipeline } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import { AwsClient } from 'aws4fetch'
import { CommandError } from '../../inspector/index.ts'

const FIRST_WAIT_MS = 500
const LONGEST_WAIT_MS = 30_000
const TOO_MANY = 429
const TIMED_OUT = 408
const SERVER_ERROR = 500

export interface Upload {
  readonly file: string
  readonly size: number
  readonly url: URL
  readonly method: string
  readonly headers: Readonly<Record<string, string>>
  /** Attempts after the first. */
  readonly retries: number
  /** For all attempts together. */
  readonly timeoutMs: number
  /** Certificates to trust besides the system's, PEM. */
  readonly ca?: string | undefined
  /** S3's: signed with the keys that AWS_ACCESS_KEY_ID and its like have in the environment. */
  readonly region?: string | undefined
}

/** Throws what the last attempt said. */
export async function upload(job: Upload): Promise<void> {
  const end = Date.now() + job.timeoutMs
  for (let attempt = 0; ; attempt++) {
    const left = end - Date.now()
    const outcome = await attemptOnce(job, Math.max(1, left))
    if (outcome === undefined) return
    const wait = outcome.waitMs ?? waitBefore(attempt)
    if (!outcome.mayRetry || attempt >= job.retries || Date.now() + wait >= end)
      throw new CommandError(`${outcome.why}${attempt > 0 ? ` (attempt ${attempt + 1})` : ''}`)
    await sleep(wait)
  }
}

interface Failure {
  readonly why: string
  readonly mayRetry: boolean
  /** What the server asked for. */
  readonly waitMs?: number
}

/** Undefined: it is there. */
async function attemptOnce(job: Upload, timeoutMs: number): Promise<Failure | undefined> {
  try {
    const headers = await signed(job)
    const { status, retryAfter } = await send(job, headers, timeoutMs)
    if (status >= 200 && status < 300) return undefined
    const mayRetry = status >= SERVER_ERROR || status === TOO_MANY || status === TIMED_OUT
    const seconds = Number(retryAfter)
    return {
      why: `the server answered ${status}`,
      mayRetry,
      ...(seconds > 0 && { waitMs: Math.min(seconds * 1000, LONGEST_WAIT_MS) }),
    }
  } catch (error) {
    return { why: error instanceof Error ? error.message : String(error), mayRetry: true }
  }
}

function send(
  { file, url, method, ca }: Upload,
  headers: Record<string, string>,
  timeoutMs: number,
): Promise<{ status: number; retryAfter: string | undefined }> {
  const request = url.protocol === 'https:' ? httpsRequest : httpRequest
  return new Promise((resolve, reject) => {
    const signal = AbortSignal.timeout(timeoutMs)
    const sent = request(url, { method, headers, signal, ...(ca !== undefined && { ca }) })
    sent.once('response', (response) => {
      response.resume()
      resolve({ status: response.statusCode ?? 0, retryAfter: response.headers['retry-after'] })
    })
    sent.once('error', (error) =>
      reject(signal.aborted ? new Error(`no answer within ${timeoutMs} ms`) : error),
    )
    pipeline(createReadStream(file), sent, (error) => {
      // A server may answer before it has all; what it said counts, then.
      if (error) setTimeout(() => reject(error), 100)
    })
  })
}

async function signed({ url, method, headers, size, region }: Upload) {
  const own = {
    'content-type': 'application/octet-stream',
    ...headers,
    'content-length': String(size),
  }
  if (region === undefined) return own
  const { AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN } = process.env
  if (!AWS_ACCESS_KEY_ID || !AWS_SECRET_ACCESS_KEY)
    throw new Error('AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY are not in the environment')
  const client = new AwsClient({
    accessKeyId: AWS_ACCESS_KEY_ID,
    secretAccessKey: AWS_SECRET_ACCESS_KEY,
    ...(AWS_SESSION_TOKEN && { sessionToken: AWS_SESSION_TOKEN }),
    service: 's3',
    region,
  })
  const request = await client.sign(url, {
    method,
    headers: { ...headers, 'X-Amz-Content-Sha256': 'UNSIGNED-PAYLOAD' },
  })
  return { ...own, ...Object.fromEntries(request.headers) }
}

const waitBefore = (attempt: number): number =>
  Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** attempt) * (0.5 + Math.random() / 2)

// Every fenced block of every document in git, with what stands around it.

import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const ROOT = fileURLToPath(new URL('../..', import.meta.url))

export interface Block {
  readonly page: string
  /** `docs/FAULTS.md:14` */
  readonly place: string
  /** The first word behind the fence. */
  readonly language: string
  /** The rest of that line: a file's name. */
  readonly name: string
  /** `image: race` of the comment `<!-- image: race -->` above it. */
  readonly note: string
  readonly text: string
}

const pages = execFileSync('git', ['ls-files', '*.md'], { cwd: ROOT, encoding: 'utf8' })
  .split('\n')
  .filter((page) => page !== '')

const FENCE = /^( *)(?:<!-- (.*) -->\n)?\1(```+|~~~+)(.*)\n([\s\S]*?)^\1\3$/gm

function blocksOf(page: string): Block[] {
  const all = readFileSync(join(ROOT, page), 'utf8')
  return [...all.matchAll(FENCE)].map((found) => {
    const [, , note = '', , head = '', text = ''] = found
    const line = all.slice(0, found.index).split('\n').length + (note === '' ? 0 : 1)
    const [language = '', ...name] = head.trim().split(' ')
    return { page, place: `${page}:${line}`, language, name: name.join(' '), note, text }
  })
}

/** In the order in which a reader meets them. */
export const BLOCKS: readonly Block[] = pages.flatMap(blocksOf)

export const firstLine = ({ text }: Block): string => text.trim().split('\n')[0] ?? ''

// A page from its top to its end in one folder: what a block leaves there, the next ones find.

import { spawnSync } from 'node:child_process'
import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { asked } from '../support/duckdb.ts'
import { serveIsolated } from '../support/isolated-page.ts'
import { runScript } from '../support/shdb.ts'
import { until, visit } from '../web/visitor.ts'
import type { Block } from './blocks.ts'
import { judged, type Place, typed } from './commands.ts'
import { forPage, isAssemblyScript, written } from './programs.ts'
import { IMAGES, inShell, missing, overImage } from './sessions.ts'
import { lifeError, stackError } from './sources.ts'
import type { World } from './world.ts'

type Follow = (block: Block, place: Place) => Promise<string | undefined>

/** What went wrong, each with its place. */
export async function followed(blocks: readonly Block[], world: World): Promise<string[]> {
  const folder = world.folder()
  const wrong: string[] = []
  for (const block of blocks) {
    const follow = BY_LANGUAGE[block.language]
    const error =
      follow === undefined
        ? `nothing runs a block "${block.language}": see the head of test/documents/documents.test.ts`
        : await follow(block, { world, folder, image: imageOf(block) })
    if (error !== undefined) wrong.push(`${block.place}: ${error}`)
  }
  return wrong
}

/** Of the lines at the prompt: what the last `shdb` before them opens. */
const imageOf = ({ text }: Block): string =>
  [...text.matchAll(/^(?:npx )?shdb ((?:--syslog )?\S*[/.]\S*)$/gm)].at(-1)?.[1] ?? 'conns.shdump'

const noteOf = ({ note }: Block, word: string): string | undefined =>
  note.startsWith(`${word}: `) ? note.slice(word.length + 2) : undefined

const BY_LANGUAGE: Readonly<Record<string, Follow>> = {
  js: code,
  ts: code,
  async sh(block, place) {
    const here = block.text
      .trimEnd()
      .split('\n')
      .map((line) => place.world.here(typed(line), place.folder))
    const image = place.world.here(place.image, place.folder)
    for (const line of here.filter((each) => each !== '')) {
      const error = await judged(line, { ...place, image })
      if (error !== undefined) return error
    }
    return undefined
  },
  async console(block, { world, folder }) {
    if (block.note === 'a life of examples/tcp-engine') return lifeError(block.text)
    const image = noteOf(block, 'image')
    return image === undefined
      ? inShell(world.here(block.text, folder), world, folder)
      : overImage(block.text, image)
  },
  async shdb(block) {
    const image = IMAGES[noteOf(block, 'image') ?? '']?.()
    if (image === undefined) return 'name its image: <!-- image: NAME --> above it'
    const { stdout, stderr } = await runScript(block.text.split('\n'), [image])
    return stderr === '' && stdout !== '' ? undefined : `it says ${stderr}`
  },
  async text(block, { world, folder }) {
    if (block.note === 'a stack of examples/') return stackError(block.text)
    const command = noteOf(block, 'printed by')
    if (command === undefined)
      return 'say what prints it, <!-- printed by: COMMAND -->, or why nothing does, in held.ts'
    const said = await world.run(world.here(command, folder), folder)
    const all = `${said.stdout}${said.stderr}`
    const absent = missing(block.text.trimEnd().split('\n'), all)
    return absent.length === 0
      ? undefined
      : `${command} does not say\n${absent.join('\n')}\nbut\n${all}`
  },
  async json(block, { world, folder }) {
    JSON.parse(block.text)
    if (block.name !== '') writeFileSync(join(folder, block.name), block.text)
    if (block.name !== 'asconfig.json') return undefined
    const said = await world.run('asc app.ts --use STRUCT_HIST=1 -o again.wasm', folder)
    return said.status === 0 ? undefined : said.stderr
  },
  async sql(block, { folder }) {
    await asked(block.text.replaceAll("'lake/", `'${folder}/lake/`))
    return undefined
  },
  async rsyslog(block, { world, folder }) {
    const file = join(folder, 'rsyslog.conf')
    // As the distribution's own configuration has it.
    const head = `global(workDirectory="${folder}")\n`
    writeFileSync(file, head + world.here(block.text, folder))
    const { status, stderr } = spawnSync('rsyslogd', ['-N1', '-f', file], { encoding: 'utf8' })
    return status === 0 ? undefined : stderr
  },
  async c(block) {
    const { status, stderr } = spawnSync('cc', ['-x', 'c', '-fsyntax-only', '-'], {
      input: `enum struct_hist_verb { NONE };\n${block.text.replace(/\}$/gm, '};')}`,
      encoding: 'utf8',
    })
    if (status !== 0) return stderr
    const structs = [...block.text.matchAll(/struct (\w+)\s*\{([^}]*)\}/g)]
    for (const [, name = '', body = ''] of structs) {
      const { stdout } = await runScript([`ptype struct ${name}`], [IMAGES.race?.() as never])
      const fields = (text: string) =>
        text
          .split(';')
          .map((each) => each.replace(/\s+/g, ' ').trim())
          .filter((each) => each !== '')
      const [shown, real] = [fields(body), fields(/\{([^}]*)\}/.exec(stdout)?.[1] ?? '')]
      if (shown.join() !== real.join()) return `struct ${name} is ${real.join('; ')}`
    }
    return undefined
  },
}

async function code(block: Block, { world, folder }: Place): Promise<string | undefined> {
  if (isAssemblyScript(block)) {
    writeFileSync(join(folder, block.name), block.text)
    return block.name === '' ? 'name its file behind the fence: ts app.ts' : undefined
  }
  if (block.note === 'in a page') return inPage(await forPage(block, folder))
  rmSync(join(folder, 'given.shdump'), { force: true })
  const file = await written(block, folder, (text) => world.here(text, folder))
  const said = await world.run(`node ${file}`, folder)
  const isFine = said.status === 0 && said.stderr === ''
  return isFine ? undefined : `status ${said.status}: ${said.stderr}`
}

/** A cross-origin isolated page with that script; until it has run to its end. */
async function inPage(script: string): Promise<string | undefined> {
  const html = `<!doctype html><title></title><div id="histories"></div><script type="module">${script.replaceAll('</script', '<\\/script')}</script>`
  const server = await serveIsolated(html)
  const visitor = await visit('chromium')
  try {
    await visitor.goto(server.url)
    await until(visitor, "document.title === 'done'")
    const complaints = visitor.complaints.filter((each) => !/favicon|404/.test(each))
    return complaints.length > 0 ? complaints.join('\n') : undefined
  } catch (error) {
    return `${error}`
  } finally {
    await visitor.close()
    server.close()
  }
}

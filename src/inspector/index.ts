// The inspector as a library: a runner, given text, writes text to its host. The terminal and the page are two skins over it.

export { breathing, findingText } from './commands/check.ts'
export type { Command } from './commands/command.ts'
export type { FollowedLog, Found, Host, RunningProcess } from './host.ts'
export { CommandError, Interrupted } from './messages.ts'
export { shownMessage } from './print/name.ts'
export { unstyled } from './print/style.ts'
export { fitted, widthOf, widthOfCharacter } from './print/width.ts'
export { Runner } from './runner.ts'
export { QuitRequest } from './running.ts'
export type { Session } from './session.ts'
export type { Target } from './target.ts'
export { VERSION } from './version.ts'

// Colors of the demos, where a terminal shows them and NO_COLOR is not set.

const inColor = process.stdout.isTTY && !process.env.NO_COLOR
const paint = (code) => (text) => (inColor ? `\x1b[${code}m${text}\x1b[0m` : text)

export const bold = paint('1')
export const dim = paint('2')
export const red = paint('31;1')

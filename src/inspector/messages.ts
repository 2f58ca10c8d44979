// gdb's sentences, exactly: whoever has gdb in the fingers reads an error without reading it.

/** An error that the user caused; its message is the whole of what shdb prints. */
export class CommandError extends Error {
  override readonly name = 'CommandError'
}

/** Thrown by Ctrl-C; ends the command, not the session. */
export class Interrupted extends CommandError {
  constructor() {
    super('Quit')
  }
}

const address = (at: bigint): string => `0x${BigInt.asUintN(64, at).toString(16)}`

export const syntaxError = (rest: string): string =>
  `A syntax error in expression, near \`${rest}'.`
export const noMemoryAt = (at: bigint): string => `Cannot access memory at address ${address(at)}`
export const noSymbol = (name: string): string => `No symbol "${name}" in current context.`
export const noTag = (keyword: string, tag: string): string => `No ${keyword} type named ${tag}.`
export const noMember = (name: string): string => `There is no member named ${name}.`
export const noSubscript = (type: string): string => `cannot subscript something of type \`${type}'`
export const undefinedCommand = (text: string, prefix = ''): string =>
  prefix === ''
    ? `Undefined command: "${text}".  Try "help".`
    : `Undefined ${prefix} command: "${text}".  Try "help ${prefix}".`
export const ambiguousCommand = (
  text: string,
  candidates: readonly string[],
  prefix = '',
): string =>
  `Ambiguous ${prefix === '' ? '' : `${prefix} `}command "${text}": ${candidates.join(', ')}.`
export const notReached = (number: bigint | number): string =>
  `History has not yet reached $${number}.`
export const notBack = (number: bigint | number): string =>
  `History does not go back to $$${number}.`
export const badConversion = (letter: string): string =>
  `Unrecognized format specifier '${letter}' in printf`
export const valueTooLarge = (bytes: bigint): string =>
  `value requires ${bytes} bytes, which is more than max-value-size`

export const NO_SYMBOL_TABLE = 'No symbol table is loaded.  Use the "file" command.'
export const NEEDS_TARGET = 'evaluation of this expression requires the target program to be active'
export const NO_PROCESS = "You can't do that without a process to debug."
export const NO_TUI = 'Cannot enable the TUI when output is not a terminal'
export const NOT_RUNNING = 'The program is not being run.'
export const DIVISION_BY_ZERO = 'Division by zero'
export const HISTORY_EMPTY = 'The history is empty.'
export const UNTERMINATED_STRING = 'Unterminated string in expression.'
export const UNMATCHED_QUOTE = 'Unmatched single quote.'
export const NUMBER_TOO_LARGE = 'Numeric constant too large.'
export const JUNK = 'Junk after end of expression.'
export const TYPE_AS_EXPRESSION = 'Attempt to use a type name as an expression'
export const INTEGER_ONLY = 'Integer-only operation on floating point number.'
export const NOT_A_NUMBER = 'Argument to arithmetic operation not a number or boolean.'
export const NO_COMPLEMENT = 'Argument to complement operation not an integer, boolean.'
export const NO_NEGATION = 'Argument to negate operation not a number.'
export const NOT_EQUATABLE = 'Invalid type combination in equality test.'
export const NOT_COMPARABLE = 'Invalid type combination in ordering comparison.'
export const POINTER_DIFFERENCE =
  "First argument of `-' is a pointer and second argument is neither\nan integer nor a pointer of the same type."
export const NOT_AN_LVALUE = 'Left operand of assignment is not an lvalue.'
export const NOT_MODIFIABLE = 'Left operand of assignment is not a modifiable lvalue.'
export const NOT_NUMERIC = 'Not a numeric type.'
export const NOT_ADDRESSABLE = 'Attempt to take address of value not located in memory.'
export const NOT_A_POINTER = 'Attempt to take contents of a non-pointer value.'
export const GENERIC_POINTER = 'Attempt to dereference a generic pointer.'
export const NOT_A_STRUCT = 'Attempt to extract a component of a value that is not a structure.'
export const NOT_A_STRUCT_POINTER =
  'Attempt to extract a component of a value that is not a structure pointer.'
export const ONLY_IN_MEMORY = "Only values in memory can be extended with '@'."
export const INVALID_CAST = 'Invalid cast.'
export const NO_ELEMENT = 'no such vector element'
export const SIZES_DIFFER = 'array elements must all be the same size'
export const NOT_AN_INTEGER = "Value can't be converted to integer."
export const TOO_DEEP = 'Expression is nested too deeply.'
export const TOP_LEVEL_ONLY = 'This command cannot be used at the top level.'
export const CALL_DEPTH = 'Max user call depth exceeded -- command aborted.'
export const WRONG_ARGUMENTS = 'Wrong number of arguments for specified format-string'
export const NOT_AN_ASSIGNMENT = 'Expression is not an assignment (and might have no effect)'
export const ARGUMENT_REQUIRED = 'Argument required (expression to compute).'
export const NOT_A_COUNT = 'Non-integral right operand for "@" operator.'
export const OUT_OF_RANGE = 'Value out of range.'
export const TOO_MANY_ELEMENTS = 'Too many array elements'
/** Recorded events are evidence: shdb never writes them. (enable and disable write switches, of a running process.) */
export const READ_ONLY = 'Cannot write to the image: shdb only reads it.'

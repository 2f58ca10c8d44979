// The flag of the compiler: `--use STRUCT_HIST=1`. A condition that asc knows, so that what it excludes is never compiled.

/** Whether the statements stay. */
export const STATEMENTS: bool = isDefined(STRUCT_HIST) ? STRUCT_HIST != 0 : false

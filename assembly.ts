// Where asc finds `import { recorder } from 'struct-history/assembly'` in a program of yours; see docs/ASSEMBLYSCRIPT.md.

// By name: asc shows an `import * as` nothing of `export *`.
export { END, History, List, recorder, Verb } from './assembly/statements/index'

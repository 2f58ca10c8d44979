// The core must not own one byte of the shared memory: the engine applies data, start, global, table and element sections
// anew for every thread that joins, over what the others have recorded meanwhile. Memory is all it may import.

const FORBIDDEN = {
  4: 'table',
  6: 'global',
  8: 'start',
  9: 'element',
  11: 'data',
  12: 'data count',
}

/** Throws unless the module can be instantiated on a live recorder without changing it. */
export function guardWasm(bytes, name) {
  for (const { id, length } of sections(bytes)) {
    if (FORBIDDEN[id])
      throw new Error(
        `${name} has a ${FORBIDDEN[id]} section of ${length} bytes; it must have none`,
      )
  }
  const imports = JSON.stringify(WebAssembly.Module.imports(new WebAssembly.Module(bytes)))
  if (imports !== '[{"module":"env","name":"memory","kind":"memory"}]') {
    throw new Error(`${name} may import env.memory only, it imports ${imports}`)
  }
}

function* sections(bytes) {
  for (let at = 8; at < bytes.length; ) {
    const id = bytes[at++]
    let length = 0
    for (let shift = 0, more = true; more; shift += 7) {
      more = bytes[at] >= 128
      length |= (bytes[at++] & 127) << shift
    }
    yield { id, length }
    at += length
  }
}

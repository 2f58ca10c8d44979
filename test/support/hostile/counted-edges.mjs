// Counts how often each branch of a program is taken: a counter is put into each, and an array of them is the coverage.
//
// V8's own precise coverage was tried: collecting it takes milliseconds, an image a tenth of one.

import { parseAst } from 'vite'

/** The code with `COUNTERS[n]++` in every branch, and how many there are. `COUNTERS` is the global of that name. */
export function withCountedEdges(code) {
  const insertions = []
  let count = 0
  const counter = () => `__edges[${count++}]++`
  const insert = (at, text) => insertions.push([at, insertions.length, text])
  /** Before a closing text at the same place stands what was opened there last. */
  const wrap = (node, open, close) => {
    insert(node.start, open)
    insertions.push([node.end, -insertions.length, close])
  }
  const statement = (node) => {
    if (!node) return
    if (node.type === 'BlockStatement') insert(node.start + 1, `${counter()};`)
    else wrap(node, `{${counter()};`, '}')
  }
  const expression = (node) => wrap(node, `(${counter()},`, ')')

  const visit = (node) => {
    switch (node.type) {
      case 'IfStatement':
        statement(node.consequent)
        statement(node.alternate)
        break
      case 'ForStatement':
      case 'ForOfStatement':
      case 'ForInStatement':
      case 'WhileStatement':
      case 'DoWhileStatement':
        statement(node.body)
        break
      case 'SwitchCase':
        if (node.consequent.length > 0) insert(node.consequent[0].start, `${counter()};`)
        break
      case 'CatchClause':
        statement(node.body)
        break
      case 'FunctionDeclaration':
      case 'FunctionExpression':
        if (node.body) statement(node.body)
        break
      case 'ArrowFunctionExpression':
        if (node.body.type === 'BlockStatement') statement(node.body)
        else expression(node.body)
        break
      case 'ConditionalExpression':
        expression(node.consequent)
        expression(node.alternate)
        break
      case 'LogicalExpression':
        expression(node.right)
        break
    }
    for (const key in node) {
      const value = node[key]
      if (Array.isArray(value)) for (const each of value) each?.type && visit(each)
      else if (value?.type) visit(value)
    }
  }
  visit(parseAst(code))

  insertions.sort(([one, first], [other, second]) => one - other || first - second)
  let counted = ''
  let done = 0
  for (const [at, , text] of insertions) {
    counted += code.slice(done, at) + text
    done = at
  }
  return { code: counted + code.slice(done), count }
}

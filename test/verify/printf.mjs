// Millions of conversions against the C library of this machine: first the whole product of what means something, in an
// order that the seed decides, then random ones.

import { fileURLToPath } from 'node:url'
import { bundled } from '../support/bundled.mjs'

export const title = 'printf'
export const promise =
  "SPEC 7: text is formatted by readers as C's printf does: every conversion, flag, width and precision"

const AT_ONCE = 20_000
const SAID_EACH = 25 * AT_ONCE
const support = (name) => new URL(`../support/${name}`, import.meta.url)

export async function verify({ minutes, seed, say }) {
  const { PRODUCT, caseOfProduct, randomCase } = await bundled(support('printf-cases.ts'))
  const { Oracle } = await bundled(support('printf-oracle.ts'))
  const { Random } = await bundled(support('hostile/random.ts'))
  const oracle = new Oracle(fileURLToPath(support('printf-oracle.c')))
  const random = new Random(seed)
  const until = Date.now() + minutes * 60_000
  // A prime that does not divide the product leads once through all of it.
  const stride = 7_368_787
  const first = random.below(PRODUCT)
  let ofProduct = 0
  let ofChance = 0
  let faultsOfC = 0
  const faults = []
  try {
    while (Date.now() < until && faults.length < 20) {
      const cases = Array.from({ length: AT_ONCE }, () => {
        if (ofProduct >= PRODUCT) {
          ofChance++
          return randomCase(random)
        }
        return caseOfProduct((first + ofProduct++ * stride) % PRODUCT, random)
      })
      const compared = oracle.compare(cases)
      faultsOfC += compared.faultsOfC
      faults.push(...compared.differences)
      if ((ofProduct + ofChance) % SAID_EACH === 0) say(`${ofProduct + ofChance} conversions`)
    }
  } finally {
    oracle[Symbol.dispose]()
  }
  return {
    figures: [
      ['conversions of the product', `${ofProduct} of ${PRODUCT}`],
      ['random conversions', ofChance],
      ['differences', faults.length],
      ["C's own %#g, which carries wrongly", faultsOfC],
      ['seed', seed],
    ],
    faults: faults.slice(0, 20),
  }
}

// Reads a connection's history for what the eye looks for. It knows the rule that this engine keeps (whoever passes a
// connection on has just taken a reference for the receiver), not the bug.

/**
 * @typedef {import('struct-history/inspect').Event} Event
 * @typedef {object} Verdict
 * @property {Event | undefined} unpaid a hand-over before which its thread took no reference
 * @property {Event | undefined} paid one of the same kind where it did
 * @property {Event | undefined} freed what destroyed the connection
 * @property {Event | undefined} used what somebody still did with it afterwards
 */

/**
 * @param {readonly Event[]} events
 * @returns {Verdict}
 */
export function judge(events) {
  const handOvers = events.filter(({ verb }) => verb === 'TCP_SEND2CHILD')
  const isPaid = (event) => previousOf(event, events)?.role === 'ref'
  const unpaid = handOvers.find((event) => !isPaid(event))
  return {
    unpaid,
    paid: handOvers.find((event) => event.log === unpaid?.log && isPaid(event)),
    freed: events.find(({ role }) => role === 'end'),
    used: events.find(({ late }) => late !== ''),
  }
}

/**
 * The life that went wrong, of all that the object (an address that is reused) has had.
 * @param {import('struct-history/inspect').Image} image
 * @param {bigint} object
 */
export function findVictim(image, object) {
  return image.find(object).findLast((life) => judge(life.events()).used !== undefined)
}

/**
 * What the same thread did to the connection just before.
 * @param {Event} event
 * @param {readonly Event[]} events
 */
function previousOf(event, events) {
  return events.findLast(({ thread, index }) => thread === event.thread && index < event.index)
}

// What the numbers of a letter mean: [kind, …].

/** [REQUEST | REPLY, host, port, connection's slot + 1 or 0, id, handle] with the message. */
export const REQUEST = 1
export const REPLY = 2
/** [TIMER, kind, 0, transaction's slot, id, handle, number of the timer's hold] */
export const TIMER = 3
/** [SEND_UDP, host, port] with the message. */
export const SEND_UDP = 4
/** [SEND_TCP, 0, 0, connection's slot, id, handle] with the message. */
export const SEND_TCP = 5

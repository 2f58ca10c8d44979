// What is recorded of an upload: the same verbs and the same list in the page and in its workers.

/** @param {import('struct-history').Recorder} recorder */
export function histories(recorder) {
  const verbs = recorder.verbs({
    UPLOAD_REF: +1,
    UPLOAD_UNREF: -1,
    UPLOAD_PART: 0,
    UPLOAD_CANCEL: 0,
    UPLOAD_END: 'end',
  })
  return { ...verbs, uploads: recorder.list('uploads', { window: 2000 }) }
}

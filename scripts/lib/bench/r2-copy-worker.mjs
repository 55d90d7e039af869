/**
 * A worker that does nothing but copy the bucket's largest file, part by part: the least that any job over it could do, and so the measure of a job's memory.
 * Parts and reads are as large as those of a job; the copy is removed.
 */
const largest = async (bucket) => {
  const { objects } = await bucket.list({ prefix: 'files/' })
  return objects.reduce((best, object) => (object.size > (best?.size ?? -1) ? object : best), null)
}

const copy = async (bucket, { key, size }, partBytes) => {
  const upload = await bucket.createMultipartUpload('copy-of-the-largest')
  const parts = []
  for (let offset = 0; offset < size; offset += partBytes) {
    const { body } = await bucket.get(key, { range: { offset, length: Math.min(partBytes, size - offset) } })
    parts.push(await upload.uploadPart(parts.length + 1, body))
  }
  await upload.complete(parts)
  await bucket.delete('copy-of-the-largest')
}

export default {
  async fetch(request, { BUCKET }) {
    const { pathname, searchParams } = new URL(request.url)
    if (pathname !== '/copy') return new Response('ready')
    const object = await largest(BUCKET)
    if (!object) return new Response('There is no file.', { status: 404 })
    await copy(BUCKET, object, Number(searchParams.get('part_bytes')))
    return Response.json({ bytes: object.size })
  },
}

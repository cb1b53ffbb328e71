import { readFile } from 'node:fs/promises';

/** A file that is read when it is first asked for, and kept then. One that could not be read is read at the next try. */
export function lateFile(url: URL): () => Promise<Buffer> {
  let content: Promise<Buffer> | null = null;
  return () => {
    content ??= readFile(url).catch((error: unknown) => {
      content = null;
      throw error;
    });
    return content;
  };
}

import { closeSync, openSync, writeSync } from 'node:fs';
import type { TextFile } from '../../ports/sample-parts.ts';

const BUFFER_CHARACTERS = 65_536;

/** Bytes that grow on the local disk. */
export interface ByteFile {
  readonly path: string;
  write(bytes: Uint8Array): void;
  /** Nothing can be written afterwards. */
  close(): void;
}

export function byteFileAt(path: string): ByteFile {
  const file = openSync(path, 'w');
  return {
    path,
    write(bytes) {
      for (let at = 0; at < bytes.length; ) at += writeSync(file, bytes, at);
    },
    close() {
      closeSync(file);
    },
  };
}

export function textFileAt(path: string): TextFile {
  const file = byteFileAt(path);
  let buffer = '';
  const flush = () => {
    file.write(Buffer.from(buffer));
    buffer = '';
  };
  return {
    path,
    append(text) {
      buffer += text;
      if (buffer.length >= BUFFER_CHARACTERS) flush();
    },
    close() {
      flush();
      file.close();
    },
  };
}

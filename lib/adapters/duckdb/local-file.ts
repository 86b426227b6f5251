import { closeSync, openSync, writeSync } from 'node:fs';
import type { TextFile } from '../../ports/sample-parts.ts';

const BUFFER_CHARACTERS = 65_536;

export function textFileAt(path: string): TextFile {
  const file = openSync(path, 'w');
  let buffer = '';
  const flush = () => {
    writeAll(file, Buffer.from(buffer));
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
      closeSync(file);
    },
  };
}

function writeAll(file: number, bytes: Uint8Array): void {
  for (let at = 0; at < bytes.length; ) at += writeSync(file, bytes, at);
}

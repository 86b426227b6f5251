import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A run keeps what its tests leave behind in one folder, and takes it away. */
export default function setup(): () => void {
  const folder = mkdtempSync(join(tmpdir(), 'headroom-tests-'));
  process.env['TMPDIR'] = folder;
  return () => rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
}

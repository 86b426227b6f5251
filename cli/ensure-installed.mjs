// Runs before `npm start` and `npm test`, on whatever Node is there: installs what the lockfile names
// (the pinned Node 24 among it) when it is missing or another lockfile's.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';

const marker = 'node_modules/.headroom-lock';
const wanted = createHash('sha256').update(readFileSync('package-lock.json')).digest('hex');

if (!existsSync(marker) || readFileSync(marker, 'utf8') !== wanted) {
  process.stderr.write('Installing packages (once; about a minute) ...\n');
  const npm = spawnSync(
    'npm',
    ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'],
    {
      stdio: ['ignore', 'ignore', 'inherit'],
      shell: process.platform === 'win32',
    },
  );
  if (npm.status !== 0) {
    process.stderr.write('npm ci failed: see its message above; the registry must be reachable.\n');
    process.exit(1);
  }
  writeFileSync(marker, wanted);
}

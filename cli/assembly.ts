import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const OUTPUT = join(ROOT, 'cdk.out');
const SOURCES = ['infra', 'functions', 'lib', 'cdk.json', 'package.json', 'package-lock.json'];

/** `cdk synth` failed; its own words are in the message. */
export class SynthError extends Error {
  override readonly name = 'SynthError';
}

/**
 * The app as `cdk synth` puts it out for one machine, made once for each state of the sources: an
 * instance that runs keeps its own while the sources move on.
 *
 * @param env for the child process
 * @returns its folder, and what gives it back when the instance ends
 */
export async function localAssembly(
  env: Readonly<Record<string, string | undefined>>,
  tell: (text: string) => void,
): Promise<{ readonly folder: string; readonly release: () => Promise<void> }> {
  const name = `local-${await sourceHash()}`;
  const folder = join(OUTPUT, name);
  await mkdir(OUTPUT, { recursive: true });
  const claim = join(OUTPUT, `${name}.used-by.${process.pid}`);
  const release = () => rm(claim, { force: true });
  await writeFile(claim, '');
  try {
    await prune(name);
    if (!existsSync(join(folder, 'manifest.json'))) {
      tell('Synthesizing the app ...\n');
      await synthesize(folder, env);
    }
  } catch (error) {
    await release();
    throw error;
  }
  return { folder, release };
}

async function sourceHash(): Promise<string> {
  const hash = createHash('sha256').update(process.version);
  for (const source of SOURCES) await addTo(hash, source);
  return hash.digest('hex').slice(0, 12);
}

async function addTo(hash: ReturnType<typeof createHash>, path: string): Promise<void> {
  const entries = await readdir(join(ROOT, path), { withFileTypes: true }).catch(() => null);
  if (entries === null) {
    hash.update(`${path}\0`).update(await readFile(join(ROOT, path)));
    return;
  }
  const names = entries.map((entry) => entry.name).toSorted();
  for (const name of names) await addTo(hash, join(path, name));
}

/** Beside its place first: an interrupted synth leaves nothing that could be taken for whole. */
async function synthesize(
  folder: string,
  env: Readonly<Record<string, string | undefined>>,
): Promise<void> {
  const scratch = `${folder}.making.${process.pid}`;
  try {
    await runCdk(['synth', '-q', '-c', 'stage=local', '-o', scratch], env);
    await rename(scratch, folder).catch((error: NodeJS.ErrnoException) => {
      // Another instance made the same at the same time.
      if (error.code !== 'ENOTEMPTY' && error.code !== 'EEXIST') throw error;
    });
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

function runCdk(
  args: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): Promise<void> {
  // cdk.json names `node`: it must be the one that runs here.
  const path = `${dirname(process.execPath)}${delimiter}${env['PATH'] ?? ''}`;
  const child = spawn(process.execPath, [join(ROOT, 'node_modules/aws-cdk/bin/cdk'), ...args], {
    cwd: ROOT,
    // CDK's check of the templates takes half of the time, and tells what a deployment would refuse.
    env: { ...env, PATH: path, CI: 'true', CDK_VALIDATION: 'false' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const said: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => said.push(chunk));
  child.stderr.on('data', (chunk: Buffer) => said.push(chunk));
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => {
      if (code === 0) return resolve();
      const words = Buffer.concat(said).toString('utf8').trim().slice(-4_000);
      return reject(new SynthError(`cdk synth ended with ${code}:\n${words}`));
    });
  });
}

/** Takes away the assemblies of former sources that no living instance uses. */
async function prune(current: string): Promise<void> {
  const names = await readdir(OUTPUT);
  const used = new Set<string>([current]);
  for (const name of names) {
    const match = /^(local-[0-9a-f]+)\.(?:used-by|making)\.(\d+)$/.exec(name);
    if (match === null) continue;
    if (isAlive(Number(match[2]))) used.add(match[1] ?? '').add(name);
  }
  const stale = names.filter((name) => /^local-[0-9a-f]+(\.|$)/.test(name) && !used.has(name));
  for (const name of stale) await rm(join(OUTPUT, name), { recursive: true, force: true });
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

import { existsSync, realpathSync } from 'node:fs';
import { registerHooks } from 'node:module';
import { dirname, join, resolve, sep } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { SYNCHRONOUS_BYTES } from './limits.ts';
import type { EnvironmentMessage, FunctionError, InvokeMessage } from './protocol.ts';

/**
 * Runs inside the process of one invocation environment: loads the handler from its asset, and
 * nothing from anywhere else, then answers one event after the other.
 */
interface Settings {
  /** Directory of the asset. */
  readonly root: string;
  /** `file.export`, as Lambda takes it. */
  readonly handler: string;
  readonly name: string;
  readonly arn: string;
  readonly memoryMib: number;
}

type Handler = (event: unknown, context: unknown) => unknown;

/** Keeps imports inside the asset: what is not in it would be missing on AWS. */
function confineModules(root: string): void {
  const inside = (url: string) => fileURLToPath(url).startsWith(root + sep);
  registerHooks({
    resolve(specifier, context, next) {
      const resolved = next(specifier, context);
      if (!resolved.url.startsWith('file:') || !isWithin(context.parentURL, inside))
        return resolved;
      if (!inside(resolved.url)) {
        throw new Error(
          `Cannot find module '${specifier}' in the asset ${root}: it would be taken from ${fileURLToPath(resolved.url)}, ` +
            'which is not deployed. Bundle it, or stage it in the asset.',
        );
      }
      // Lambda never sees a package.json above the asset, so neither does this process.
      return isBareScript(fileURLToPath(resolved.url), root)
        ? { ...resolved, format: 'commonjs' }
        : resolved;
    },
  });
}

function isWithin(parent: string | undefined, inside: (url: string) => boolean): boolean {
  return parent?.startsWith('file:') === true && inside(parent);
}

/** A .js file that no package.json of the asset tells the kind of. */
function isBareScript(path: string, root: string): boolean {
  if (!path.endsWith('.js')) return false;
  for (let directory = dirname(path); directory.startsWith(root); directory = dirname(directory)) {
    if (existsSync(join(directory, 'package.json'))) return false;
  }
  return true;
}

async function load({ root, handler }: Settings): Promise<Handler> {
  const dot = handler.lastIndexOf('.');
  const [file, name] = [handler.slice(0, dot), handler.slice(dot + 1)];
  const path = ['.mjs', '.js', '.cjs']
    .map((extension) => resolve(root, file + extension))
    .find((candidate) => existsSync(candidate));
  if (path === undefined) throw new Error(`the asset ${root} has no ${file}.mjs, .js or .cjs`);
  const loaded = await import(pathToFileURL(path).href);
  const found = loaded[name] ?? loaded.default?.[name];
  if (typeof found !== 'function') throw new Error(`${path} exports no function "${name}"`);
  return found;
}

function describe(error: unknown): FunctionError {
  if (!(error instanceof Error)) {
    return { errorType: typeof error, errorMessage: String(error), trace: [] };
  }
  const trace = (error.stack ?? '').split('\n');
  return { errorType: error.name, errorMessage: error.message, trace };
}

function send(message: EnvironmentMessage): void {
  process.send?.(message);
}

async function answer(settings: Settings, handler: Handler, message: InvokeMessage) {
  const { requestId, deadline } = message;
  const context = {
    awsRequestId: requestId,
    functionName: settings.name,
    functionVersion: '$LATEST',
    invokedFunctionArn: settings.arn,
    memoryLimitInMB: String(settings.memoryMib),
    logGroupName: `/aws/lambda/${settings.name}`,
    logStreamName: 'local',
    callbackWaitsForEmptyEventLoop: true,
    getRemainingTimeInMillis: () => Math.max(0, deadline - Date.now()),
  };
  try {
    const payload = JSON.stringify((await handler(JSON.parse(message.payload), context)) ?? null);
    const bytes = Buffer.byteLength(payload);
    if (bytes > SYNCHRONOUS_BYTES) {
      const errorMessage = `Response payload size (${bytes} bytes) exceeded maximum allowed payload size (6291556 bytes).`;
      const error = { errorType: 'Function.ResponseSizeTooLarge', errorMessage, trace: [] };
      send({ type: 'error', requestId, error });
    } else {
      send({ type: 'result', requestId, payload });
    }
  } catch (error) {
    send({ type: 'error', requestId, error: describe(error) });
  }
}

async function main(): Promise<void> {
  const given = JSON.parse(process.argv[2] ?? '{}') as Settings;
  const settings = { ...given, root: realpathSync(given.root) };
  // The parent is gone, so nobody waits for the answer.
  process.on('disconnect', () => process.exit(0));
  // Ctrl-C reaches the whole process group; the parent lets what runs finish first.
  process.on('SIGINT', () => {});
  process.on('SIGTERM', () => {});
  confineModules(settings.root);
  const handler = await load(settings);
  process.on('message', (message: InvokeMessage) => answer(settings, handler, message));
  send({ type: 'ready' });
}

main().catch((error: unknown) => send({ type: 'init-failed', error: describe(error) }));

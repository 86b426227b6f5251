import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createSecretsEndpoint } from '../../infra/local/secrets/endpoint.ts';
import { memorySecretStore } from '../../lib/adapters/memory/secret-store.ts';
import {
  secretsManagerClient,
  secretsManagerStore,
} from '../../lib/adapters/secrets-manager/secret-store.ts';
import type { SecretStore } from '../../lib/ports/secrets.ts';
import { useLocalCredentials } from './embedded.ts';

const WEST = '{"username":"headroom","password":"p\u00e4ss \\"word\\""}';
const SECRETS = { 'headroom/west': WEST, 'headroom/eu/north-1': '{}' };
const ARN = 'arn:aws:secretsmanager:eu-central-1:000000000000:secret:headroom/west-local0';

function laws(store: () => SecretStore): void {
  it('gives the text of a secret by its name', async () => {
    expect(await store().get('headroom/west')).toBe(WEST);
    expect(await store().get('headroom/eu/north-1')).toBe('{}');
  });

  it('gives it by its ARN', async () => {
    expect(await store().get(ARN)).toBe(WEST);
  });

  it('gives null for a name that there is not', async () => {
    expect(await store().get('headroom/east')).toBeNull();
    expect(await store().get('headroom')).toBeNull();
  });
}

describe('secrets, in memory', () => {
  const store = memorySecretStore(SECRETS);
  laws(() => store);
});

describe('secrets, in Secrets Manager as it is on one machine', () => {
  const folder = mkdtempSync(join(tmpdir(), 'headroom-secrets-'));
  let server: Server;
  let store: SecretStore;

  function write(name: string, text: string, mode = 0o600): string {
    const path = join(folder, `${name}.json`);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
    chmodSync(path, mode);
    return path;
  }

  beforeAll(async () => {
    for (const [name, text] of Object.entries(SECRETS)) write(name, text);
    server = await listening(createSecretsEndpoint({ folder, region: 'eu-central-1' }));
    store = storeAt(server);
  });
  afterAll(async () => {
    await closed(server);
    rmSync(folder, { recursive: true });
  });

  laws(() => store);

  it('counts a changed secret at once', async () => {
    write('headroom/rotated', 'one');
    expect(await store.get('headroom/rotated')).toBe('one');
    write('headroom/rotated', 'two');
    expect(await store.get('headroom/rotated')).toBe('two');
  });

  it.each([0o644, 0o640, 0o604])('refuses a file that others may read (mode %o)', async (mode) => {
    write('headroom/open', 'canary-text', mode);
    const refused = store.get('headroom/open');
    await expect(refused).rejects.toMatchObject({ kind: 'refused' });
    await expect(refused).rejects.not.toThrow('canary-text');
  });

  it.each(['../outside', 'headroom/../../outside', 'headroom//west', '/etc/passwd', '.'])(
    'reads nothing outside its folder: %s',
    async (name) => {
      write('../outside', 'canary-text');
      const answer = await store.get(name).catch((error: Error) => error.message);
      rmSync(join(folder, '../outside.json'));
      expect(answer ?? '').not.toContain('canary-text');
    },
  );

  it('does nothing but give values', async () => {
    const answer = await fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, {
      method: 'POST',
      headers: { 'x-amz-target': 'secretsmanager.ListSecrets' },
      body: '{}',
    });
    expect(answer.status).toBe(400);
    expect(await answer.json()).toMatchObject({ __type: 'UnknownOperationException' });
  });
});

describe('what Secrets Manager refuses', () => {
  const answers = async (
    status: number,
    body: unknown,
  ): Promise<{ store: SecretStore; close: () => Promise<void> }> => {
    const server = await listening((_request, response) => {
      response.writeHead(status, { 'content-type': 'application/x-amz-json-1.1' });
      response.end(JSON.stringify(body));
    });
    return { store: storeAt(server), close: () => closed(server) };
  };

  it.each([
    { type: 'AccessDeniedException', told: 'its name must start with "headroom/"' },
    { type: 'DecryptionFailure', told: 'may not use its key' },
    { type: 'InvalidRequestException', told: 'marked for deletion' },
  ])('is told in words: $type', async ({ type, told }) => {
    const { store, close } = await answers(400, { __type: type, Message: 'of AWS' });
    await expect(store.get('headroom/west')).rejects.toThrow(told);
    await close();
  });

  it('also when the secret holds bytes', async () => {
    const { store, close } = await answers(200, { Name: 'x', SecretBinary: 'AAAA' });
    await expect(store.get('headroom/west')).rejects.toThrow('holds bytes');
    await close();
  });
});

async function listening(listener: RequestListener): Promise<Server> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server;
}

function storeAt(server: Server): SecretStore {
  useLocalCredentials();
  const { port } = server.address() as AddressInfo;
  process.env['AWS_ENDPOINT_URL_SECRETS_MANAGER'] = `http://127.0.0.1:${port}`;
  return secretsManagerStore(secretsManagerClient());
}

async function closed(server: Server): Promise<void> {
  await new Promise<void>((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}

import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ListEventBusesCommand } from '@aws-sdk/client-eventbridge';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createEventsEndpoint } from '../../../infra/local/events/endpoint.ts';
import { eventBridgeClient, eventBridgeEvents } from '../../../lib/adapters/eventbridge/events.ts';
import { useLocalCredentials } from '../../contract/embedded.ts';

let folder: string;
let file: string;
let server: Server;
let client: ReturnType<typeof eventBridgeClient>;

beforeEach(async () => {
  useLocalCredentials();
  folder = mkdtempSync(join(tmpdir(), 'headroom-events-'));
  file = join(folder, 'events.jsonl');
  const options = {
    buses: ['headroom-local'],
    file,
    region: 'eu-central-1',
    account: '0'.repeat(12),
  };
  server = createServer(createEventsEndpoint(options));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  process.env['AWS_ENDPOINT_URL_EVENTBRIDGE'] =
    `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  client = eventBridgeClient();
});
afterEach(() => {
  client.destroy();
  server.close();
  rmSync(folder, { recursive: true, force: true });
});

const event = {
  id: 'budget/2026-10/actual/80/payments',
  type: 'Budget Threshold Reached',
  at: '2026-10-20T10:00:00.000Z',
  detail: { team: 'payments', percent: '81.0' },
};

describe('the event bus on one machine', () => {
  it('appends what EventBridge would deliver to a file', async () => {
    const events = eventBridgeEvents(client, 'headroom-local');
    await events.raise(event);
    await events.raise({ ...event, id: 'another' });
    const [first, second, rest] = readFileSync(file, 'utf8').split('\n');
    expect(JSON.parse(first ?? '')).toMatchObject({
      version: '0',
      source: 'headroom',
      'detail-type': 'Budget Threshold Reached',
      time: '2026-10-20T10:00:00.000Z',
      region: 'eu-central-1',
      detail: { id: event.id, team: 'payments', percent: '81.0' },
    });
    expect(JSON.parse(second ?? '')).toMatchObject({ detail: { id: 'another' } });
    expect(rest).toBe('');
  });

  it('takes nothing for a bus that the app does not declare', async () => {
    const lost = eventBridgeEvents(client, 'elsewhere').raise(event);
    await expect(lost).rejects.toMatchObject({ kind: 'busy', message: /There is no event bus/ });
  });

  it('refuses what it does not do by name', async () => {
    await expect(client.send(new ListEventBusesCommand({}))).rejects.toThrow(
      'AWSEvents.ListEventBuses is not run on one machine',
    );
  });
});

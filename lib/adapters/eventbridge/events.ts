import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { ProblemError } from '../../errors.ts';
import type { Events } from '../../ports/events.ts';

/** What rules on the bus match on. */
const SOURCE = 'headroom';

/** Region, credentials and endpoint come from the environment as for any AWS client. */
export function eventBridgeClient(): EventBridgeClient {
  return new EventBridgeClient({
    requestHandler: {
      connectionTimeout: 1_000,
      requestTimeout: 10_000,
      throwOnRequestTimeout: true,
    },
  });
}

/** EventBridge delivers at least once: `detail.id` tells whether an event came before. */
export function eventBridgeEvents(client: EventBridgeClient, busName: string): Events {
  return {
    async raise({ id, type, at, detail }) {
      const entry = {
        EventBusName: busName,
        Source: SOURCE,
        DetailType: type,
        Time: new Date(at),
        Detail: JSON.stringify({ id, ...detail }),
      };
      const answer = await client.send(new PutEventsCommand({ Entries: [entry] }));
      const [result] = answer.Entries ?? [];
      if ((answer.FailedEntryCount ?? 0) === 0) return;
      throw new ProblemError(
        'busy',
        `EventBridge did not take the event "${id}": ${result?.ErrorCode ?? 'unknown'}: ${result?.ErrorMessage ?? ''}`,
      );
    },
  };
}

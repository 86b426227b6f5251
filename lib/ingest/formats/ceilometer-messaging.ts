import type { SampleDialect } from './sample-dialect.ts';

/**
 * `meter_message_from_counter` (ceilometer/publisher/utils.py), as the notifier, udp and tcp publishers send it;
 * OldSample of the API v2 (`GET /v2/meters/{meter}`) has the same keys.
 */
export const CEILOMETER_MESSAGING: SampleDialect = {
  format: 'ceilometer-messaging',
  meter: 'counter_name',
  type: 'counter_type',
  unit: 'counter_unit',
  volume: 'counter_volume',
  messageId: 'message_id',
  metadata: 'resource_metadata',
};

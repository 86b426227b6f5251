/**
 * The source of samples that Nova itself tells of (notifications, tenant usage): of all meters of an
 * instance at once. Metering tells them by it from polls.
 */
export const NOVA_SOURCE = 'nova';

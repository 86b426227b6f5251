import { Logger } from '@aws-lambda-powertools/logger';
import type { RouterOptions } from './router.ts';

/** Structured log lines that carry the request id which the problem document names. */
export function apiLog(serviceName: string): RouterOptions['logError'] {
  const logger = new Logger({ serviceName });
  return (message, { error, requestId }) => logger.error(message, { error, requestId });
}

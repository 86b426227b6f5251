import * as z from 'zod';
import { dynamodbPartitions } from '../../lib/adapters/dynamodb/partitions.ts';
import { documentClient } from '../../lib/adapters/dynamodb/table.ts';
import { planHandler } from './plan.ts';

const env = z.object({ TABLE_NAME: z.string().min(1) }).parse(process.env);

export const handler = planHandler({
  partitions: dynamodbPartitions({ client: documentClient(), name: env.TABLE_NAME }),
  now: () => new Date(),
});

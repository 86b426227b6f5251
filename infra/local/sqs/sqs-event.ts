import type { QueueMessage } from './sqs-client.ts';

/** The event that Lambda makes of a batch of messages. */
export function toSqsEvent(
  messages: readonly QueueMessage[],
  queueArn: string,
  region: string,
): Record<string, unknown> {
  return {
    Records: messages.map((message) => ({
      messageId: message.MessageId,
      receiptHandle: message.ReceiptHandle,
      body: message.Body,
      attributes: message.Attributes,
      messageAttributes: Object.fromEntries(
        Object.entries(message.MessageAttributes).map(([name, value]) => [
          name,
          {
            dataType: value.DataType,
            stringValue: value.StringValue,
            binaryValue: value.BinaryValue,
            stringListValues: [],
            binaryListValues: [],
          },
        ]),
      ),
      md5OfBody: message.MD5OfBody,
      eventSource: 'aws:sqs',
      eventSourceARN: queueArn,
      awsRegion: region,
    })),
  };
}

import type { PullRequest, PullRequests } from '../../ports/sources.ts';

export function memoryPullRequests(): PullRequests & { readonly sent: readonly PullRequest[] } {
  const sent: PullRequest[] = [];
  return {
    sent,
    async request(pull) {
      sent.push(pull);
    },
  };
}

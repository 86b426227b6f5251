import { createServer, type RequestListener, type Server } from 'node:http';
import { listenLocally } from './serve.ts';

/** An HTTP server whose address is known before what it serves. Until then it answers 503. */
export class LocalServer {
  readonly #server: Server;
  readonly port: number;
  #listener: RequestListener | null = null;

  private constructor(server: Server, port: number) {
    this.#server = server;
    this.port = port;
    server.on('request', (request, response) => {
      if (this.#listener !== null) this.#listener(request, response);
      else {
        response.writeHead(503, { 'content-type': 'application/json', 'retry-after': '1' });
        response.end('{"message":"Service Unavailable"}');
      }
    });
  }

  static async listen(port = 0): Promise<LocalServer> {
    // Uploads of gigabytes take longer than Node's default of five minutes for a request.
    const server = createServer({ requestTimeout: 0 });
    return new LocalServer(server, await listenLocally(server, port));
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  serve(listener: RequestListener): void {
    this.#listener = listener;
  }

  /** Takes no more connections; those that are open may end what they do. */
  close(): void {
    this.#server.close();
    this.#server.closeIdleConnections();
  }

  end(): void {
    this.#server.close();
    this.#server.closeAllConnections();
  }
}

import type { Server } from 'node:http';
import type { Socket } from 'node:net';

/**
 * A way to end every connection of a server, also those it no longer counts: one that became a WebSocket, or asked to become
 * one while the server was stopping, is left out by `closeAllConnections` and would keep `close` waiting for ever.
 */
export function hangUpOn(server: Server): () => void {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  return () => {
    for (const socket of sockets) socket.destroy();
  };
}

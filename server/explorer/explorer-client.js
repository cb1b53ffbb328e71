/** Speaks to the graph that served this page. `token` is asked for at each call. */
export function createClient(token) {
  return {
    /** One query or mutation. Resolves to the answer with what it cost; rejects when there was none. */
    async run(body, signal) {
      const start = performance.now();
      const response = await fetch('/graphql', {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${token()}` },
        body: JSON.stringify(body),
        signal,
      });
      const text = await response.text();
      const milliseconds = Math.round(performance.now() - start);
      return { answer: parse(text), status: response.status, milliseconds, characters: text.length };
    },

    /** A subscription on a socket of its own, by graphql-transport-ws. Returns a function that ends it. */
    subscribe(body, { onOpen, onNext, onEnd }) {
      const socket = new WebSocket(`${location.origin.replace(/^http/, 'ws')}/graphql`, 'graphql-transport-ws');
      let isOver = false;
      const end = (problem) => {
        if (isOver) return;
        isOver = true;
        socket.close(1000);
        onEnd(problem);
      };
      const send = (message) => socket.send(JSON.stringify(message));
      socket.onopen = () => send({ type: 'connection_init', payload: { authorization: `Bearer ${token()}` } });
      socket.onmessage = ({ data }) => {
        const message = JSON.parse(data);
        if (message.type === 'ping') send({ type: 'pong' });
        if (message.type === 'connection_ack') {
          send({ id: '1', type: 'subscribe', payload: body });
          onOpen();
        }
        if (message.type === 'next') onNext(message.payload);
        if (message.type === 'error') {
          onNext({ errors: message.payload });
          end('refused');
        }
        if (message.type === 'complete') end(null);
      };
      socket.onclose = ({ code, reason }) => end(reason || `the connection was closed (${code})`);
      return () => end(null);
    },
  };
}

function parse(text) {
  try {
    return JSON.parse(text);
  } catch {
    return { text };
  }
}

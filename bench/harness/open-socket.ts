/** Opens a WebSocket with headers: Node's client takes them, the browser's type does not know them. */
export const openSocket = (url: string, headers: Readonly<Record<string, string>>): WebSocket =>
  Reflect.construct(WebSocket, [url.replace(/^http/, "ws"), { headers }]) as WebSocket;

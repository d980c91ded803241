// Server-sent events over fetch, so that the pass travels in a header and never in an address.
export async function listen(path, token, heard, signal) {
  const response = await fetch(path, { headers: { Authorization: `Bearer ${token}`, Accept: "text/event-stream" }, cache: "no-store", signal });
  if (!response.ok) {
    const body = await response.json().catch(() => ({}));
    throw Object.assign(new Error(body.message || "无法连接"), { status: response.status });
  }
  const reader = response.body.getReader();
  const decoder = new TextDecoder();
  let text = "";
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    text += decoder.decode(value, { stream: true });
    for (let end = text.indexOf("\n\n"); end >= 0; end = text.indexOf("\n\n")) {
      const [name, data] = text.slice(0, end).split("\n");
      text = text.slice(end + 2);
      heard(name.slice("event: ".length), JSON.parse(data.slice("data: ".length)));
    }
  }
}

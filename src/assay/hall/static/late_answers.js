// Answers that this computer still holds when it may not answer any more: brought to the hall, and decided by the invigilator.
const AGAIN_MS = 2000;

// That it holds none is told as well: nobody need wait for it then. Returns what became of them, as the hall says it.
async function bring(api, journal, waiting) {
  const answers = waiting.map(({ item, choice, rev, at }) => ({ item, choice, rev, at: Math.round(at) }));
  const arrival = await api.post("/api/late", { answers });
  await journal.acknowledged(Object.fromEntries(waiting.map((entry) => [entry.item, entry.rev])));
  return arrival;
}

// Until the hall has them or says no, or nobody waits for it any more (`over`). `say` shows what is going on; `told` puts what became of
// them into words. Resolves to the words, and whether this computer holds none any more.
async function untilBrought(api, journal, { say, told, failed, over = () => false }) {
  const waiting = await journal.load();
  do {
    if (waiting.length) say(waiting.length);
    try { return { brought: true, text: told(await bring(api, journal, waiting)) }; }
    catch (error) {
      if (!waiting.length) return { brought: true, text: "" };
      if (error.status && error.status !== 503) return { brought: false, text: failed(waiting.length, error.message) };
    }
    await new Promise((resolve) => setTimeout(resolve, AGAIN_MS));
  } while (!over());
  return { brought: false, text: failed(waiting.length, "暂时连接不上考试服务器") };
}

const joined = (...parts) => parts.filter(Boolean).join("");

// After the end. What was decided of them, or is not yet, is said with the receipt: it may be another one by that.
export async function bringLate(api, journal, say) {
  const { text } = await untilBrought(api, journal, {
    say: (count) => say(`正在上传结束前未送达的 ${count} 题…`),
    failed: (count, why) => `有 ${count} 题结束前未送达：${why}`,
    told: ({ known }) => joined(known && `结束后送达的 ${known} 题考试端已收到，计入答卷。`),
  });
  return text;
}

// After the candidate went on at another computer.
export function bringLeftBehind(api, journal, say, over) {
  return untilBrought(api, journal, {
    over, say: (count) => say(`正在把本机保存的 ${count} 题送到考试服务器…`),
    failed: (count, why) => `本机保存的 ${count} 题没有送到：${why}。请举手告诉监考员。`,
    told: ({ known, in_time: inTime, after, waiting, refused }) => joined(
      known && `本机保存的 ${known} 题，考试端已有相同或更新的答案。`,
      inTime + after + waiting && `本机保存的 ${inTime + after + waiting} 题已送到，由监考员决定是否接收。`,
      refused && `本机保存的 ${refused} 题没有接收，已写入考场记录。`),
  });
}

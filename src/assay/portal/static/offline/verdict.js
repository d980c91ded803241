// What is to be said of a code: in words that anybody understands.
import { readCode } from "./codes.js";

const [WITHDRAWN, SUSPENDED, CORRECTED] = [1, 2, 3];
const LASTS = 7 * 86_400_000;

/** {kind: "good" | "bad" | "open", title, said, claim}. `known`: keys, statuses, revoked, as the page has them. */
export async function judged(text, known, now) {
  const code = await readCode(text, known.keys);
  if (!code) return told("bad", "不是本中心签发", "这个二维码不是职业技能等级证书的二维码。");
  if (code.signed === "unknown") {
    return told("bad", "不是本中心签发", `本页没有签发它所用的密钥。本页的密钥截至 ${day(known.made)}；也可能是此后启用的新密钥，请联网更新本页后再验一次。`);
  }
  if (code.signed === "wrong") return told("bad", "不是本中心签发", "二维码的签名不对：不是本中心签发的，或者内容已被改动。");
  const { claim } = code;
  return { ...standing(claim, known, now), claim };
}

function standing(claim, known, now) {
  const list = claim.index === null ? byNumber(claim, known.revoked) : byIndex(claim, known.statuses);
  if (!list) return told("open", "状态未知：没有撤销清单", "签名是本中心的，但本页没有撤销清单，不知道此后是否被撤销。请联网更新，或载入清单文件。");
  const since = `清单截至 ${moment(list.asOf)}`;
  if (list.state === WITHDRAWN) return told("bad", "已撤销", `这本证书是本中心签发的，但已被撤销${list.why}，不再有效（${since}）。`);
  if (list.state === CORRECTED) return told("bad", "这张纸质证书已作废", `内容已更正并换发了新证，请查验更正后的证书（${since}）。`);
  if (list.state === SUSPENDED) return told("bad", "已暂停使用", `这本证书目前暂停使用（${since}）。`);
  const old = now - list.asOf > list.lasts || day(list.asOf) < claim.issuedOn;
  if (list.state === null || old) {
    return told("open", `状态未知：清单是 ${day(list.asOf)} 的`, "签名是本中心的，内容没有改动；但清单太旧，不知道此后是否被撤销。请联网更新，或载入新的清单文件。");
  }
  return told("good", "真实有效", `是本中心签发的，内容没有改动，也没有被撤销（${since}）。请核对证书上的内容与下面一致。`);
}

function byIndex(claim, statuses) {
  return statuses && { state: statuses.of(claim.index), asOf: statuses.asOf, lasts: statuses.lasts, why: "" };
}

function byNumber(claim, revoked) {
  if (!revoked) return null;
  const withdrawn = revoked.withdrawn[claim.number];
  const why = withdrawn ? `（${[withdrawn.on, withdrawn.ground].filter(Boolean).join("，")}）` : "";
  const state = withdrawn ? WITHDRAWN : claim.edition < (revoked.corrected[claim.number] ?? 1) ? CORRECTED : 0;
  return { state, asOf: revoked.asOf, lasts: LASTS, why };
}

function told(kind, title, said) {
  return { kind, title, said };
}

/** The day in Shanghai, whatever the clock of the device is set to. */
export function day(at) {
  return moment(at).slice(0, 10);
}

export function moment(at) {
  return new Date(at.getTime() + 8 * 3_600_000).toISOString().slice(0, 16).replace("T", " ");
}

import { Result } from "effect";
import { Base64Url } from "effect/encoding";
import { describe, expect, test } from "vitest";
import { readCompactToken } from "./compact-token.ts";

const header = '{"alg":"ES256","typ":"JWT","kid":"k"}';
const payload = '{"sub":"a","exp":1800000000,"names":{"given":"Zoë","list":[1,{"a":1},{"a":2}]}}';
const encode = (text: string | Uint8Array) => Base64Url.encode(text);
const token = (head: string | Uint8Array = header, body: string | Uint8Array = payload, signature = "AAAA") =>
  `${encode(head)}.${encode(body)}.${signature}`;

describe("a token in compact form", () => {
  test("with one reading is read", () => {
    expect(readCompactToken(token())).toEqual({ header: JSON.parse(header), payload: JSON.parse(payload) });
  });

  test.each([
    ["a header key twice", token('{"alg":"ES256","alg":"none"}')],
    ["a header key twice, once escaped", token('{"alg":"ES256","\\u0061lg":"none"}')],
    ["a claim twice", token(header, '{"sub":"a","sub":"b"}')],
    ["a claim twice, deep inside", token(header, '{"x":[{"role":"member","role":"admin"}]}')],
    ["critical extensions", token('{"alg":"ES256","crit":["b64"]}')],
    ["a payload that is not encoded", token('{"alg":"ES256","b64":false}')],
    ["a key of its own", token('{"alg":"ES256","jwk":{"kty":"EC"}}')],
    ["the address of keys of its own", token('{"alg":"ES256","jku":"http://evil.test"}')],
    ["the address of a certificate of its own", token('{"alg":"ES256","x5u":"http://evil.test"}')],
    ["a header field nobody knows", token('{"alg":"ES256","zip":"DEF"}')],
    ["white space in its header", token('{"alg": "ES256"}')],
    ["white space in its payload", token(header, '{"sub":"a"}\n')],
    ["white space around it", ` ${token()}`],
    ["a number beyond all numbers", token(header, '{"exp":1e400}')],
    ["a number that changes when it is kept", token(header, '{"exp":1800000000.0}')],
    ["more digits than a number keeps", token(header, '{"exp":18000000000000000001}')],
    ["a payload that is a list", token(header, "[]")],
    ["a payload that is nothing", token(header, "null")],
    ["bytes that are no UTF-8", token(header, Uint8Array.of(0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d))],
    ["a mark of byte order", token(header, '\uFEFF{"sub":"a"}')],
    ["padding", `${token(header, '{"a":1}')}==`],
    ["a signature with loose bits", token(header, payload, "AB")],
    ["a length that no bytes have", token(header, payload, "AAAAA")],
    ["two parts", token().split(".").slice(0, 2).join(".")],
    ["four parts", `${token()}.AAAA`],
    ["nothing", ""],
  ])("with %s is refused", (_, ambiguous) => {
    expect(readCompactToken(ambiguous)).toBeNull();
  });

  test("whose last character carries loose bits is refused, though it decodes to the same text", () => {
    const [head = "", , signature] = token().split(".");
    const exact = encode('{"a":12}');
    const twin = `${exact.slice(0, -1)}${String.fromCharCode(exact.charCodeAt(exact.length - 1) + 1)}`;
    expect(Base64Url.decodeString(twin)).toEqual(Result.succeed('{"a":12}'));
    expect(readCompactToken(`${head}.${exact}.${signature}`)).not.toBeNull();
    expect(readCompactToken(`${head}.${twin}.${signature}`)).toBeNull();
  });
});

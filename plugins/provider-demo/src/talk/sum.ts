/** "What is 12 * 7?" has an answer that no pattern can guess. */
export function sum(text: string): string | undefined {
  const match =
    /^(?:what(?:'s| is)|calculate|compute|how much is|计算|算一下)?\s*(-?\d{1,9})\s*([-+*/x×÷])\s*(-?\d{1,9})\s*(?:=|等于几|等于多少|是多少)?\s*[?？]?$/i.exec(
      text,
    );
  if (!match) return undefined;
  const [, left, operator, right] = match;
  const value = calculate(Number(left), operator ?? '+', Number(right));
  return value === undefined ? undefined : `${left} ${operator} ${right} = ${value}`;
}

function calculate(a: number, operator: string, b: number): string | undefined {
  switch (operator) {
    case '+':
      return String(a + b);
    case '-':
      return String(a - b);
    case '/':
    case '÷':
      return b === 0 ? undefined : String(Number((a / b).toPrecision(12)));
    default:
      return String(BigInt(a) * BigInt(b));
  }
}

/** The first characters of a text, the last of which is an ellipsis where there are more. */
export function cutTo(text: string, characters: number): string {
  if (text.length <= characters) return text
  const start = text.slice(0, characters - 1)
  return `${/[\ud800-\udbff]$/.test(start) ? start.slice(0, -1) : start}…`
}

/** A way through a graph in numbers: the nodes along it, of a cycle the first again at the end, and the edges, one fewer. */
export type NumberedPath = { nodes: number[]; edges: number[] }

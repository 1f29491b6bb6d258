//! The tree of a text: nodes and tokens with their places, without blanks and comments.

use squawk_parser::{EntryPoint, LexedStr, StrStep, SyntaxKind};

/// A whole text.
pub(crate) struct Parsed<'a> {
    /// The statements in their order.
    pub(crate) statements: Vec<Node<'a>>,
    /// What the grammar has no place for: where, and what was expected.
    pub(crate) errors: Vec<(usize, String)>,
    pub(crate) comments: Vec<Comment<'a>>,
}

/// One comment, as it stands.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Comment<'a> {
    pub(crate) start: usize,
    pub(crate) text: &'a str,
}

/// A part of a statement.
#[derive(Clone, Debug)]
pub(crate) struct Node<'a> {
    pub(crate) kind: SyntaxKind,
    /// From its first token to its last, in bytes.
    pub(crate) start: usize,
    pub(crate) end: usize,
    source: &'a str,
    children: Vec<Element<'a>>,
}

#[derive(Clone, Copy, Debug)]
pub(crate) struct Token<'a> {
    pub(crate) kind: SyntaxKind,
    pub(crate) start: usize,
    pub(crate) text: &'a str,
}

#[derive(Clone, Debug)]
pub(crate) enum Element<'a> {
    Node(Node<'a>),
    Token(Token<'a>),
}

pub(crate) fn parse(source: &str) -> Parsed<'_> {
    let lexed = LexedStr::new(source);
    let output = EntryPoint::SourceFile.parse(&lexed.to_input());
    let mut errors: Vec<(usize, String)> = lexed
        .errors()
        .map(|(range, message)| (range.start as usize, message.to_owned()))
        .collect();
    let mut open: Vec<Node<'_>> = Vec::new();
    let mut root = None;
    let mut comments = Vec::new();
    let mut at = 0;
    lexed.intersperse_trivia(&output, &mut |step| match step {
        StrStep::Enter { kind } => open.push(Node {
            kind,
            start: at,
            end: at,
            source,
            children: Vec::new(),
        }),
        StrStep::Token { kind, text } => {
            let start = at;
            at += text.len();
            let text = &source[start..at];
            match kind {
                SyntaxKind::WHITESPACE => {}
                SyntaxKind::COMMENT => comments.push(Comment { start, text }),
                _ => {
                    if let Some(node) = open.last_mut() {
                        node.push(Element::Token(Token { kind, start, text }));
                    }
                }
            }
        }
        StrStep::Exit => {
            let Some(node) = open.pop() else { return };
            match open.last_mut() {
                Some(parent) => parent.push(Element::Node(node)),
                None => root = Some(node),
            }
        }
        StrStep::Error { msg, pos } => errors.push((pos, msg.to_owned())),
    });
    errors.sort();
    let statements = root.map(|root| root.children).unwrap_or_default();
    Parsed {
        statements: statements
            .into_iter()
            .filter_map(|child| match child {
                Element::Node(node) if node.kind != SyntaxKind::ERROR => Some(node),
                _ => None,
            })
            .filter(|node| node.start < node.end)
            .collect(),
        errors,
        comments,
    }
}

impl<'a> Node<'a> {
    fn push(&mut self, element: Element<'a>) {
        let (start, end) = match &element {
            Element::Node(node) => (node.start, node.end),
            Element::Token(token) => (token.start, token.start + token.text.len()),
        };
        if start < end {
            if self.start == self.end {
                self.start = start;
            }
            self.end = end;
        }
        self.children.push(element);
    }

    pub(crate) fn text(&self) -> &'a str {
        &self.source[self.start..self.end]
    }

    pub(crate) fn children(&self) -> impl Iterator<Item = &Node<'a>> {
        self.children.iter().filter_map(|child| match child {
            Element::Node(node) => Some(node),
            Element::Token(_) => None,
        })
    }

    pub(crate) fn elements(&self) -> &[Element<'a>] {
        &self.children
    }

    /// The first child of that kind.
    pub(crate) fn child(&self, kind: SyntaxKind) -> Option<&Node<'a>> {
        self.children().find(|child| child.kind == kind)
    }

    /// Whether a node or a token of that kind stands directly in it.
    pub(crate) fn has(&self, kind: SyntaxKind) -> bool {
        self.children.iter().any(|child| match child {
            Element::Node(node) => node.kind == kind,
            Element::Token(token) => token.kind == kind,
        })
    }

    /// Every node in it, itself first, in the text's order.
    pub(crate) fn nodes(&self) -> Vec<&Node<'a>> {
        let mut found = vec![self];
        for child in self.children() {
            found.extend(child.nodes());
        }
        found
    }

    /// The first node of that kind in it, at any depth.
    pub(crate) fn find(&self, kind: SyntaxKind) -> Option<&Node<'a>> {
        self.nodes().into_iter().find(|node| node.kind == kind)
    }

    /// Every token in it, in the text's order.
    pub(crate) fn tokens(&self) -> Vec<Token<'a>> {
        let mut found = Vec::new();
        for child in &self.children {
            match child {
                Element::Node(node) => found.extend(node.tokens()),
                Element::Token(token) => found.push(*token),
            }
        }
        found
    }

    /// Whether a token of that kind stands in it, at any depth.
    pub(crate) fn has_token(&self, kind: SyntaxKind) -> bool {
        self.tokens().iter().any(|token| token.kind == kind)
    }
}

//! Errors, their helps, and failures made by hand, as tokens of the sources show them.

use std::collections::BTreeMap;

use proc_macro2::{Delimiter, TokenStream, TokenTree};
use syn::{Attribute, Fields, Item, LitStr};

/// All that was found.
#[derive(Default)]
pub(super) struct Sources {
    pub(super) errors: Vec<Error>,
    pub(super) helps: Vec<Help>,
    pub(super) told: Vec<Told>,
    /// Texts in functions, which helps call.
    functions: BTreeMap<String, Vec<String>>,
}

/// A type with `#[error(…)]`.
pub(super) struct Error {
    pub(super) file: String,
    pub(super) name: String,
    pub(super) variants: Vec<Variant>,
}

pub(super) struct Variant {
    pub(super) name: String,
    /// None where the cause speaks for it.
    pub(super) message: Option<String>,
}

/// An `impl Help`.
pub(super) struct Help {
    pub(super) file: String,
    pub(super) of: String,
    /// Of its match; none where all have one help.
    pub(super) arms: Vec<Arm>,
    pub(super) texts: Vec<String>,
}

pub(super) struct Arm {
    pub(super) of: Vec<String>,
    pub(super) texts: Vec<String>,
    pub(super) says_nothing: bool,
}

/// A `Failure` made by hand.
pub(super) struct Told {
    pub(super) file: String,
    pub(super) message: String,
    pub(super) help: Vec<String>,
    pub(super) has_help: bool,
}

impl Help {
    /// Whether it is the help of that type, in its own package.
    pub(super) fn is_for(&self, error: &Error) -> bool {
        let package = |file: &str| file.split("/src/").next().unwrap_or_default().to_owned();
        self.of == error.name && package(&self.file) == package(&error.file)
    }
}

impl Sources {
    pub(super) fn read(files: impl Iterator<Item = (String, String)>) -> Self {
        let mut sources = Self::default();
        let mut impls = Vec::new();
        for (file, text) in files {
            let parsed = syn::parse_file(&text).unwrap_or_else(|error| panic!("{file}: {error}"));
            let root = concat!(env!("CARGO_MANIFEST_DIR"), "/../");
            let root = std::path::Path::new(root).canonicalize().unwrap();
            let file = file
                .trim_start_matches(&format!("{}/", root.display()))
                .to_owned();
            sources.items(&file, parsed.items, &mut impls);
        }
        for (file, of, body) in impls {
            let help = sources.help(file, of, body);
            sources.helps.push(help);
        }
        sources
    }

    fn items(
        &mut self,
        file: &str,
        items: Vec<Item>,
        impls: &mut Vec<(String, String, TokenStream)>,
    ) {
        for item in items {
            match item {
                Item::Enum(it) => {
                    let variants: Vec<Variant> = it
                        .variants
                        .iter()
                        .filter_map(|variant| {
                            Some(Variant {
                                name: variant.ident.to_string(),
                                message: message(&variant.attrs, &variant.fields)?,
                            })
                        })
                        .collect();
                    if !variants.is_empty() {
                        self.errors.push(Error {
                            file: file.to_owned(),
                            name: it.ident.to_string(),
                            variants,
                        });
                    }
                }
                Item::Struct(it) => {
                    if let Some(message) = message(&it.attrs, &it.fields) {
                        let name = it.ident.to_string();
                        self.errors.push(Error {
                            file: file.to_owned(),
                            variants: vec![Variant {
                                name: name.clone(),
                                message,
                            }],
                            name,
                        });
                    }
                }
                Item::Impl(it) => {
                    let is_help = it
                        .trait_
                        .as_ref()
                        .is_some_and(|(_, path, _)| path.is_ident("Help"));
                    let body: TokenStream = it.items.iter().map(tokens).collect();
                    if is_help {
                        if let Some(name) = self_name(&it.self_ty) {
                            impls.push((file.to_owned(), name, body));
                        }
                    } else {
                        for one in &it.items {
                            if let syn::ImplItem::Fn(function) = one {
                                self.functions.insert(
                                    function.sig.ident.to_string(),
                                    helps(&tokens(&function.block)),
                                );
                            }
                        }
                        self.failures(file, body);
                    }
                }
                Item::Fn(it) => {
                    let is_test = it.attrs.iter().any(|it| it.path().is_ident("test"));
                    let body = tokens(&it);
                    self.functions
                        .insert(it.sig.ident.to_string(), helps(&tokens(&it.block)));
                    if !is_test {
                        self.failures(file, body);
                    }
                }
                Item::Mod(it) => {
                    let is_test = it.ident == "tests";
                    if let (Some((_, items)), false) = (it.content, is_test) {
                        self.items(file, items, impls);
                    }
                }
                _ => {}
            }
        }
    }

    fn help(&self, file: String, of: String, body: TokenStream) -> Help {
        let arms = arms(&body).into_iter().map(|(pattern, body)| {
            let words: Vec<String> = flat(&body);
            let mut texts = texts(&body);
            for (at, word) in words.iter().enumerate() {
                if words.get(at + 1).is_some_and(|next| next == "(")
                    && let Some(more) = self.functions.get(word)
                {
                    texts.extend(more.iter().cloned());
                }
            }
            let one_of = flat(&pattern);
            Arm {
                of: one_of
                    .windows(4)
                    .filter(|it| it[0] == "Self" && it[1] == ":" && it[2] == ":")
                    .map(|it| it[3].clone())
                    .collect(),
                says_nothing: texts.is_empty() && words.iter().any(|word| word == "None")
                    || words.windows(3).any(|it| {
                        it[0] == "_" && it[1] == "=" && it[2] == ">" && says_none(&words)
                    })
                    || words.iter().any(|word| word == "?"),
                texts,
            }
        });
        Help {
            arms: arms.filter(|arm| !arm.of.is_empty()).collect(),
            texts: texts(&body),
            file,
            of,
        }
    }

    /// `Failure::new("…").because(…).help("…")` and its like.
    fn failures(&mut self, file: &str, stream: TokenStream) {
        let trees: Vec<TokenTree> = stream.into_iter().collect();
        for (at, tree) in trees.iter().enumerate() {
            if let TokenTree::Group(group) = tree {
                self.failures(file, group.stream());
            }
            let word = |at: usize| trees.get(at).map(ToString::to_string).unwrap_or_default();
            if word(at) != "Failure" || word(at + 1) != ":" || word(at + 2) != ":" {
                continue;
            }
            let how = word(at + 3);
            let Some(TokenTree::Group(arguments)) = trees.get(at + 4) else {
                continue;
            };
            if !["new", "usage", "refused"].contains(&how.as_str()) {
                continue;
            }
            let said = texts_of_any_length(&arguments.stream());
            let Some(message) = said.first().cloned().filter(|it| !it.is_empty()) else {
                continue;
            };
            let mut help = Vec::new();
            // The flags that answer are a help by themselves.
            let mut has_help =
                how == "refused" && !flat(&arguments.stream()).join("").contains("Vec::new()");
            let mut next = at + 5;
            while word(next) == "." {
                if word(next + 1) == "help" {
                    has_help = true;
                    if let Some(TokenTree::Group(arguments)) = trees.get(next + 2) {
                        help.extend(texts(&arguments.stream()));
                    }
                }
                next += 3;
            }
            if has_help && help.is_empty() && how == "refused" {
                help.push("say so with the flag that it names".to_owned());
            }
            // `Failure { help: …, ..failure }` and closures that add it are read as code, not here.
            let around = flat_of(&trees);
            has_help |= around.windows(2).any(|it| it[0] == "help" && it[1] == ":");
            has_help |= around
                .windows(3)
                .any(|it| it[0] == "." && it[1] == "help" && it[2] == "(");
            self.told.push(Told {
                file: file.to_owned(),
                message,
                help,
                has_help,
            });
        }
    }
}

fn says_none(words: &[String]) -> bool {
    words.iter().any(|word| word == "None")
}

fn tokens(item: &impl quote::ToTokens) -> TokenStream {
    item.to_token_stream()
}

fn self_name(ty: &syn::Type) -> Option<String> {
    match ty {
        syn::Type::Path(path) => Some(path.path.segments.last()?.ident.to_string()),
        _ => None,
    }
}

/// What `#[error(…)]` says: some text, or nothing of its own; none where there is no such attribute.
fn message(attributes: &[Attribute], _: &Fields) -> Option<Option<String>> {
    let attribute = attributes.iter().find(|it| it.path().is_ident("error"))?;
    let list = attribute.meta.require_list().ok()?;
    Some(texts_of_any_length(&list.tokens).into_iter().next())
}

/// The arms of the first `match self`.
fn arms(stream: &TokenStream) -> Vec<(TokenStream, TokenStream)> {
    let trees: Vec<TokenTree> = stream.clone().into_iter().collect();
    for (at, tree) in trees.iter().enumerate() {
        if tree.to_string() == "match" {
            let body = trees[at + 1..].iter().find_map(|tree| match tree {
                TokenTree::Group(group) if group.delimiter() == Delimiter::Brace => {
                    Some(group.stream())
                }
                _ => None,
            });
            return body.map(split).unwrap_or_default();
        }
        if let TokenTree::Group(group) = tree {
            let found = arms(&group.stream());
            if !found.is_empty() {
                return found;
            }
        }
    }
    Vec::new()
}

fn split(body: TokenStream) -> Vec<(TokenStream, TokenStream)> {
    let trees: Vec<TokenTree> = body.into_iter().collect();
    let mut arms = Vec::new();
    let mut at = 0;
    while at < trees.len() {
        let arrow = (at..trees.len().saturating_sub(1))
            .find(|at| trees[*at].to_string() == "=" && trees[*at + 1].to_string() == ">");
        let Some(arrow) = arrow else { break };
        let is_block = matches!(&trees[arrow + 2], TokenTree::Group(group) if group.delimiter() == Delimiter::Brace);
        let end = match is_block {
            true => arrow + 3,
            false => (arrow + 2..trees.len())
                .find(|at| trees[*at].to_string() == ",")
                .unwrap_or(trees.len()),
        };
        let of =
            |range: std::ops::Range<usize>| trees[range].iter().cloned().collect::<TokenStream>();
        arms.push((of(at..arrow), of(arrow + 2..end)));
        at = end;
        if trees.get(at).is_some_and(|tree| tree.to_string() == ",") {
            at += 1;
        }
    }
    arms
}

/// All words, groups opened.
fn flat(stream: &TokenStream) -> Vec<String> {
    flat_of(&stream.clone().into_iter().collect::<Vec<_>>())
}

fn flat_of(trees: &[TokenTree]) -> Vec<String> {
    let mut words = Vec::new();
    for tree in trees {
        match tree {
            TokenTree::Group(group) => {
                let (open, close) = match group.delimiter() {
                    Delimiter::Parenthesis => ("(", ")"),
                    Delimiter::Brace => ("{", "}"),
                    _ => ("[", "]"),
                };
                words.push(open.to_owned());
                words.extend(flat(&group.stream()));
                words.push(close.to_owned());
            }
            tree => words.push(tree.to_string()),
        }
    }
    words
}

/// Sentences of a function that makes helps. What begins with a capital there is another program's word, to be
/// recognized by.
fn helps(stream: &TokenStream) -> Vec<String> {
    let mut all = texts(stream);
    all.retain(|text| text.starts_with("PostgreSQL") || !text.starts_with(char::is_uppercase));
    all
}

/// Sentences: what has a blank in it, which codes and names have not.
fn texts(stream: &TokenStream) -> Vec<String> {
    let mut all = texts_of_any_length(stream);
    all.retain(|text| text.contains(' '));
    all
}

fn texts_of_any_length(stream: &TokenStream) -> Vec<String> {
    let mut found = Vec::new();
    for tree in stream.clone() {
        match tree {
            TokenTree::Group(group) => found.extend(texts_of_any_length(&group.stream())),
            TokenTree::Literal(literal) => {
                if let Ok(text) = syn::parse_str::<LitStr>(&literal.to_string()) {
                    found.push(text.value());
                }
            }
            _ => {}
        }
    }
    found
}

package dev.slipway.manifest;

import dev.slipway.web.Fault;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.composer.Composer;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;
import org.yaml.snakeyaml.parser.ParserImpl;
import org.yaml.snakeyaml.reader.ReaderException;
import org.yaml.snakeyaml.reader.StreamReader;
import org.yaml.snakeyaml.resolver.Resolver;

/// Bytes → a tree of YAML nodes that know where they stand. Nothing is constructed from tags, and what could blow up
/// on the way (size, depth, aliases of aliases) is bounded.
final class Document {
    static final int LARGEST = 1024 * 1024;
    private static final int DEEPEST = 30;
    private static final int MOST_ALIASES = 50;
    private static final int MOST_NODES = 50_000;
    private static final Set<Tag> PLAIN = Set.of(Tag.STR, Tag.INT, Tag.FLOAT, Tag.BOOL, Tag.NULL, Tag.MAP, Tag.SEQ);

    private final Faults faults;
    private final Map<Node, Boolean> above = new IdentityHashMap<>();
    private int nodes;
    private boolean endless;

    private Document(Faults faults) {
        this.faults = faults;
    }

    /// The document's outermost mapping, or nothing when there are faults that leave nothing to read.
    static Optional<MappingNode> read(byte[] yaml, Faults faults) {
        if (yaml.length > LARGEST) {
            faults.add(Fault.at("", "is larger than 1 MiB"));
            return Optional.empty();
        }
        return text(yaml, faults).flatMap(text -> new Document(faults).compose(text));
    }

    private static Optional<String> text(byte[] yaml, Faults faults) {
        try {
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(yaml))
                    .toString();
            return Optional.of(text.startsWith("\uFEFF") ? text.substring(1) : text);
        } catch (CharacterCodingException _) {
            faults.add(Fault.at("", "is not UTF-8"));
            return Optional.empty();
        }
    }

    private Optional<MappingNode> compose(String text) {
        LoaderOptions limits = new LoaderOptions();
        limits.setCodePointLimit(LARGEST);
        limits.setNestingDepthLimit(DEEPEST);
        limits.setMaxAliasesForCollections(MOST_ALIASES);
        try {
            Node root = new Composer(new ParserImpl(new StreamReader(text), limits), new CoreSchema(), limits)
                    .getSingleNode();
            if (root instanceof MappingNode mapping) {
                check(mapping, "");
                return endless ? Optional.empty() : Optional.of(mapping);
            }
            faults.add(new Fault("", "must be a mapping of keys such as 'application: shop'", 1, 1));
        } catch (MarkedYAMLException e) {
            faults.add(unreadable(text, e));
        } catch (ReaderException e) {
            faults.add(unprintable(text, e));
        } catch (YAMLException e) {
            faults.add(Fault.at("", "is not readable YAML: " + e.getMessage()));
        } catch (TooMuch _) {
            faults.add(Fault.at("", "has more than %d nodes once its aliases are followed".formatted(MOST_NODES)));
        }
        return Optional.empty();
    }

    private static Fault unreadable(String text, MarkedYAMLException e) {
        Mark at = e.getProblemMark() == null ? e.getContextMark() : e.getProblemMark();
        String why = "is not readable YAML: " + e.getProblem();
        if (at == null) {
            return Fault.at("", why);
        }
        boolean afterDollar = text.lines()
                .skip(at.getLine())
                .findFirst()
                .filter(line -> line.startsWith("${", at.getColumn() - 1))
                .isPresent();
        return Reading.faultAt("", afterDollar ? why + "; inside [] and {} a ${…} needs quotes around it" : why, at);
    }

    private static Fault unprintable(String text, ReaderException e) {
        int line = 1;
        int column = 1;
        for (int i = 0; i < Math.min(e.getPosition(), text.length()); i++) {
            boolean end = text.charAt(i) == '\n';
            line = end ? line + 1 : line;
            column = end ? 1 : column + 1;
        }
        return new Fault(
                "", "has a character that YAML does not allow: U+%04X".formatted(e.getCodePoint()), line, column);
    }

    /// What no section may have, whoever reads it.
    private void check(Node node, String path) {
        if (++nodes > MOST_NODES) {
            throw new TooMuch();
        }
        if (above.put(node, true) != null) {
            faults.add(Reading.faultAt(path, "contains itself", node.getStartMark()));
            endless = true;
            return;
        }
        if (!PLAIN.contains(node.getTag())) {
            faults.add(Reading.faultAt(
                    path, "has the tag %s, which is not read here".formatted(node.getTag()), node.getStartMark()));
        }
        switch (node) {
            case MappingNode mapping -> checkKeys(mapping, path);
            case SequenceNode sequence -> {
                List<Node> items = sequence.getValue();
                for (int i = 0; i < items.size(); i++) {
                    check(items.get(i), Paths.item(path, i));
                }
            }
            default -> {}
        }
        above.remove(node);
    }

    private void checkKeys(MappingNode mapping, String path) {
        Map<String, Mark> seen = new HashMap<>();
        for (NodeTuple entry : mapping.getValue()) {
            if (!(entry.getKeyNode() instanceof ScalarNode key)) {
                faults.add(Reading.faultAt(
                        path, "has a key that is no text", entry.getKeyNode().getStartMark()));
                continue;
            }
            String below = Paths.key(path, key.getValue());
            if (key.getValue().equals("<<") && key.isPlain()) {
                faults.add(Reading.faultAt(below, "merge keys are not read here", key.getStartMark()));
            }
            Mark first = seen.putIfAbsent(key.getValue(), key.getStartMark());
            if (first != null) {
                faults.add(Reading.faultAt(
                        below, "is there twice, first in line " + (first.getLine() + 1), key.getStartMark()));
            }
            check(entry.getValueNode(), below);
        }
    }

    private static final class TooMuch extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    /// The core schema of YAML 1.2, which is what JSON has too: `yes`, `on`, `012` and `1:30` are texts.
    private static final class CoreSchema extends Resolver {
        @Override
        protected void addImplicitResolvers() {
            addImplicitResolver(Tag.BOOL, Pattern.compile("true|True|TRUE|false|False|FALSE"), "tTfF");
            addImplicitResolver(Tag.INT, Pattern.compile("[-+]?(0|[1-9][0-9]*)"), "-+0123456789");
            addImplicitResolver(
                    Tag.FLOAT,
                    Pattern.compile("[-+]?(0|[1-9][0-9]*)(\\.[0-9]+([eE][-+]?[0-9]+)?|[eE][-+]?[0-9]+)"),
                    "-+0123456789");
            addImplicitResolver(Tag.NULL, Pattern.compile("~|null|Null|NULL|"), "~nN\0");
            addImplicitResolver(Tag.NULL, Pattern.compile("^$"), null);
        }
    }
}

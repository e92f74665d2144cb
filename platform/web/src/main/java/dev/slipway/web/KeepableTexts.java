package dev.slipway.web;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.deser.std.StdScalarDeserializer;
import com.fasterxml.jackson.databind.deser.std.StringDeserializer;
import com.fasterxml.jackson.databind.module.SimpleModule;
import io.quarkus.jackson.ObjectMapperCustomizer;
import jakarta.inject.Singleton;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import jakarta.ws.rs.core.MultivaluedMap;
import jakarta.ws.rs.ext.Provider;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/// Refuses texts that no database keeps, where they come in and by the name of their place: those with the character
/// U+0000, and those that are no Unicode because half of a pair is missing. An object with a member twice is refused
/// too: readers differ in which of the two they believe.
@Singleton
final class KeepableTexts implements ObjectMapperCustomizer {
    private static final String WHY = "holds U+0000, or half of a surrogate pair";

    static boolean isKeepable(String text) {
        return text.indexOf('\0') < 0 && text.codePoints().noneMatch(c -> c >= 0xD800 && c <= 0xDFFF);
    }

    @Override
    public void customize(ObjectMapper json) {
        json.getFactory().enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION);
        json.registerModule(new SimpleModule("slipway-texts").addDeserializer(String.class, new Texts()));
    }

    /// A text that is none.
    static final class NotKeepable extends JsonMappingException {
        private static final long serialVersionUID = 1L;

        NotKeepable(JsonParser at) {
            super(at, WHY);
        }
    }

    private static final class Texts extends StdScalarDeserializer<String> {
        private static final long serialVersionUID = 1L;

        Texts() {
            super(String.class);
        }

        @Override
        public String deserialize(JsonParser parser, DeserializationContext context) throws IOException {
            String text = StringDeserializer.instance.deserialize(parser, context);
            if (text != null && !isKeepable(text)) {
                throw new NotKeepable(parser);
            }
            return text;
        }
    }

    /// The same of paths and queries.
    @Provider
    static final class Parameters implements ContainerRequestFilter {
        @Override
        public void filter(ContainerRequestContext request) {
            List<Fault> faults = new ArrayList<>();
            check(request.getUriInfo().getPathParameters(), faults);
            check(request.getUriInfo().getQueryParameters(), faults);
            if (!faults.isEmpty()) {
                throw Problem.badRequest("The request names nothing that could be.", faults);
            }
        }

        private static void check(MultivaluedMap<String, String> parameters, List<Fault> faults) {
            parameters.forEach((name, values) -> {
                if (!values.stream().allMatch(KeepableTexts::isKeepable)) {
                    faults.add(Fault.at(name, WHY));
                }
            });
        }
    }
}

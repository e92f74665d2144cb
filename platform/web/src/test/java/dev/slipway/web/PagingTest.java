package dev.slipway.web;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@QuarkusTest
@QuarkusTestResource(WebBackends.class)
class PagingTest {
    @Test
    void shouldLeadThroughTheWholeListByLinks() {
        List<Integer> seen = new ArrayList<>();
        String next = "/api/v1/things?limit=50";

        while (next != null) {
            Response page = viewer().urlEncodingEnabled(false).get(next);
            seen.addAll(page.jsonPath().getList("items", Integer.class));
            String link = page.header("Link");
            assertThat(link == null).isEqualTo(page.jsonPath().get("next") == null);
            next = link == null ? null : link.replaceAll("^<(.*)>; rel=\"next\"$", "$1");
        }

        assertThat(seen).hasSize(120).doesNotHaveDuplicates().isSorted();
    }

    @Test
    void shouldShowFiftyItemsUnlessAskedOtherwise() {
        viewer().get("/api/v1/things").then().statusCode(200).body("items", hasSize(50));
        viewer().get("/api/v1/things?limit=200")
                .then()
                .body("items", hasSize(120))
                .body("next", equalTo(null));
    }

    @ParameterizedTest
    @ValueSource(strings = {"limit=0", "limit=201", "limit=many", "cursor=%25%25", "cursor=eA", "cursor=eAB5"})
    void shouldRefuseAPageThatCannotBe(String query) {
        viewer().urlEncodingEnabled(false)
                .get("/api/v1/things?" + query)
                .then()
                .statusCode(400)
                .body("type", equalTo("urn:slipway:problem:bad-request"))
                .body("faults[0].path", equalTo(query.substring(0, query.indexOf('='))));
    }

    private static RequestSpecification viewer() {
        return given().auth().oauth2("victor-token");
    }
}

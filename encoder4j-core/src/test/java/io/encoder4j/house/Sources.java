// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.house;

import com.sun.source.tree.BlockTree;
import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.Tree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.SourcePositions;
import com.sun.source.util.TreeScanner;
import com.sun.source.util.Trees;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/// The project's Java files, and how long their methods are. The compiler's own parser reads them.
public final class Sources {

    /// The checkout's root.
    public static final Path ROOT = Path.of(System.getProperty("basedir", "."), "..").toAbsolutePath().normalize();

    private Sources() {}

    /// One method, constructor or initializer. Its lines run from its signature, after any annotations, to its closing brace.
    record Method(Path file, String name, long lines) {}

    /// Every Java file below a folder, in order; what a build wrote is skipped.
    static List<Path> files(Path folder) throws IOException {
        try (Stream<Path> walk = Files.walk(folder)) {
            return walk.filter(p -> p.toString().endsWith(".java") && Files.isRegularFile(p))
                    .filter(p -> !folder.relativize(p).toString().matches("(.*/)?(target|\\.[^/]+)/.*"))
                    .sorted().toList();
        }
    }

    /// Every method of some files.
    static List<Method> methods(List<Path> files) throws IOException {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        List<Method> methods = new ArrayList<>();
        try (StandardJavaFileManager manager = compiler.getStandardFileManager(null, null, null)) {
            JavacTask task = (JavacTask) compiler.getTask(null, manager, null, List.of("-proc:none"), null,
                    manager.getJavaFileObjectsFromPaths(files));
            SourcePositions positions = Trees.instance(task).getSourcePositions();
            for (CompilationUnitTree unit : task.parse()) {
                new Scanner(unit, positions, methods).scan(unit, null);
            }
        }
        return methods;
    }

    private static final class Scanner extends TreeScanner<Void, Void> {

        private final CompilationUnitTree unit;
        private final SourcePositions positions;
        private final List<Method> methods;

        Scanner(CompilationUnitTree unit, SourcePositions positions, List<Method> methods) {
            this.unit = unit;
            this.positions = positions;
            this.methods = methods;
        }

        @Override
        public Void visitMethod(MethodTree method, Void unused) {
            long from = positions.getStartPosition(unit, method);
            for (Tree annotation : method.getModifiers().getAnnotations()) {
                from = Math.max(from, positions.getEndPosition(unit, annotation) + 1);
            }
            add(method.getName().toString(), from, method);
            return super.visitMethod(method, unused);
        }

        @Override
        public Void visitClass(ClassTree type, Void unused) {
            for (Tree member : type.getMembers()) {
                if (member instanceof BlockTree block) {
                    add("initializer", positions.getStartPosition(unit, block), block);
                }
            }
            return super.visitClass(type, unused);
        }

        private void add(String name, long from, Tree tree) {
            long to = positions.getEndPosition(unit, tree) - 1;
            long lines = unit.getLineMap().getLineNumber(to) - unit.getLineMap().getLineNumber(from) + 1;
            methods.add(new Method(Path.of(unit.getSourceFile().toUri()), name, lines));
        }
    }
}
